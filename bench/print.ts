import type { Cell, Report, Table } from "./benchmark.js";

/** Three digits that count; counts as they are. */
function formatNumber(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)));
  return value.toFixed(Math.min(digits, 3));
}

function formatCell(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "string") return cell;
  if (typeof cell === "number") return formatNumber(cell);
  return `${formatNumber(cell.median)} (${formatNumber(cell.min)}–${formatNumber(cell.max)})`;
}

function formatTable({ title, columns, rows }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map(formatCell))];
  const widths = columns.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const [head = "", ...body] = lines.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  return [title, "", head, widths.map((width) => "-".repeat(width)).join("  "), ...body].join("\n");
}

/** The report as text; a spread is the median with (minimum–maximum). */
export function formatReport({ setting, tables, notes }: Report): string {
  return [setting.join("\n"), ...tables.map(formatTable), notes.join("\n")].filter((part) => part !== "").join("\n\n");
}

function formatMarkdownTable({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const body = rows.map((row) => line(row.map(formatCell)));
  return [`## ${title}`, "", line(columns), line(columns.map(() => "---")), ...body].join("\n");
}

/** The report as Markdown, without a title. */
export function formatMarkdown({ setting, tables, notes }: Report): string {
  return [...setting, ...notes, ...tables.map(formatMarkdownTable)].join("\n\n");
}
