import { DataError } from "@kindling/tensor";
import { list } from "tar";
import { errorMessage } from "./files.js";

/** An archive that unpacks to more than this is no data set. */
const maxUnpackedBytes = 1 << 30;

/**
 * Reads chosen members of a tar or tar.gz file into memory. Nothing is unpacked to disk; a member
 * larger than `maxMemberBytes`, an archive of unreasonable size, and paths that lead upwards are refused.
 *
 * @returns The members found, by the name they were asked for under.
 * @throws DataError when the archive is damaged or suspicious.
 */
export async function readArchive(
  path: string,
  members: readonly string[],
  maxMemberBytes: number,
): Promise<Map<string, Uint8Array>> {
  const wanted = new Set(members);
  const found = new Map<string, Uint8Array>();
  let unpacked = 0;
  const check = (name: string, size: number): void => {
    if (name.startsWith("/") || name.split("/").includes(".."))
      throw new DataError(`${path}: refusing the path ${JSON.stringify(name)}`);
    unpacked += size;
    if (unpacked > maxUnpackedBytes)
      throw new DataError(`${path}: expected at most ${maxUnpackedBytes} bytes when unpacked`);
    if (wanted.has(name) && size > maxMemberBytes) {
      throw new DataError(`${path}: expected ${name} to have at most ${maxMemberBytes} bytes, it claims ${size}`);
    }
  };
  let refusal: DataError | null = null;
  try {
    await list({
      file: path,
      strict: true,
      onReadEntry: (entry) => {
        try {
          if (refusal === null) check(entry.path, entry.size);
        } catch (error) {
          refusal = error as DataError;
        }
        if (refusal !== null || !wanted.has(entry.path) || entry.type !== "File") {
          entry.resume();
          return;
        }
        const bytes = new Uint8Array(entry.size);
        let at = 0;
        entry.on("data", (chunk) => {
          bytes.set(chunk, at);
          at += chunk.length;
        });
        entry.on("end", () => found.set(entry.path, bytes));
      },
    });
  } catch (error) {
    throw new DataError(`${path}: the archive is damaged (${errorMessage(error)}); delete it and fetch it again`, {
      cause: error,
    });
  }
  if (refusal !== null) throw refusal;
  return found;
}
