import { Server } from "socket.io";
import { serveApplication } from "./application.mjs";

serveApplication(Server);
