/**
 * A number (FNV-1a, 32 bits) for what `table.ts` exports. Codes of operations are positions in its lists: kernels that were
 * built of another version would take them for others.
 */
export function hashOfTables(tables: Readonly<Record<string, unknown>>): number {
  const names = Object.keys(tables).sort();
  const text = JSON.stringify(names.map((name) => [name, tables[name]]));
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}
