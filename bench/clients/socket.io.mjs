import { io } from "socket.io-client";
import { measureApplication } from "./application.mjs";

measureApplication(io);
