// What the official client of the Model Context Protocol makes of evotts mcp: a line of JSON for each thing tried.
// Use: node mcp_client.mjs PROGRAM FOLDER CONTROLLER_FILE
import { readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const [program, folder, file] = process.argv.slice(2);
const transport = new StdioClientTransport({
  command: program, args: ["mcp", "--root", folder, "--allow-propose"], cwd: folder,
});
const client = new Client({ name: "scripted", version: "1" });
const tell = (thing) => console.log(JSON.stringify(thing));
const call = async (name, parameters = {}) => {
  const result = await client.callTool({ name, arguments: parameters }, undefined, { timeout: 120_000 });
  return { failed: result.isError, text: result.content[0].text };
};

await client.connect(transport);
tell({ tried: "server", ...client.getServerVersion(), instructions: client.getInstructions() });
tell({ tried: "tools", names: (await client.listTools()).tools.map((tool) => tool.name) });
const environments = ["synthetic:seed=11"];
tell({ tried: "eval", ...(await call("eval", { controllers: ["cmc"], environments, orderings: 2 })) });
tell({ tried: "mistake", ...(await call("check", { controller: "controller a\n\nstart\n  opne 4\n" })) });

const before = new AbortController();
const endless = { controllers: ["cmc"], environments: ["synthetic:seed=11,questions=2000"], orderings: 1000 };
setTimeout(() => before.abort(), 500);
const cancelled = await client
  .callTool({ name: "eval", arguments: endless }, undefined, { signal: before.signal })
  .then(() => false, () => true);
const begin = Date.now();
await call("show", { controller: "cmc" });
tell({ tried: "cancel", cancelled, milliseconds: Date.now() - begin });

const controller = readFileSync(file, "utf8");
const propose = (level) =>
  call("propose", { controller: controller.replace("LEVEL", level), hypothesis: "it won before", wait_seconds: 5 });
tell({ tried: "propose", ...(await propose("0.80")) });
for (let i = 1; i < 10 && !(await propose(`0.8${i}`)).failed; ++i);
await client.close();
