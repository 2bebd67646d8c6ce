import { Server } from "omnio";
import { serveApplication } from "./application.mjs";

serveApplication(Server);
