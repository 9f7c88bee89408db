// Runs identity verifications through GLAIR's own client, as an integrator would, and prints what came of each.
//
// stdin:  {"base_url": "http://127.0.0.1:8080",
//          "credentials": {"username": "…", "password": "…", "api_key": "…"},
//          "cases": [{"case": "a name", "parameters": {"nik": "…", "name": "…", "date_of_birth": "dd-mm-yyyy"},
//                     "credentials": {…}}]}
//         A case's own credentials, where given, replace single ones of the general ones.
// stdout: one JSON line a case, in the order given:
//         {"case": "…", "resolved": true, "answer": {…}}   the promise was kept: the client saw a 2xx
//         {"case": "…", "resolved": false, "answer": {…}}  the client threw the body of the answer
//         {"case": "…", "resolved": false, "error": "…"}   the client threw an error of its own
import { readFileSync } from "node:fs";
import { LogLevel, Vision, setLogLevel } from "@glair/vision";

function settings(baseUrl, { username, password, api_key: apiKey }) {
  return { baseUrl, username, password, apiKey };
}

async function outcome(vision, { parameters, settings }) {
  try {
    return { resolved: true, answer: await vision.identity.verification(parameters, settings) };
  } catch (thrown) {
    return thrown instanceof Error
      ? { resolved: false, error: `${thrown.name}: ${thrown.message}` }
      : { resolved: false, answer: thrown };
  }
}

// The client logs to stdout, which belongs to the results here.
setLogLevel(LogLevel.SILENT);

const { base_url: baseUrl, credentials, cases } = JSON.parse(readFileSync(0, "utf8"));
const vision = new Vision(settings(baseUrl, credentials));
for (const { case: name, parameters, credentials: own } of cases) {
  const call = { parameters, settings: own && settings(baseUrl, { ...credentials, ...own }) };
  console.log(JSON.stringify({ case: name, ...(await outcome(vision, call)) }));
}
