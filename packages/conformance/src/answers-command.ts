// Writes what every sample gives on the backend in use, for a comparison with another one: a serialized value of the
// type Answers on standard output.
import { serialize } from "node:v8";
import { allAnswers } from "./samples/answers.js";

process.stdout.write(serialize(allAnswers()));
