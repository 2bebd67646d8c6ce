import { io } from "omnio/client";
import { measureApplication } from "./application.mjs";

measureApplication(io);
