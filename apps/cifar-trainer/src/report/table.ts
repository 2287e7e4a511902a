/** A column of a text table. Cells are set to the right, under the title, unless `isLeft`. */
export interface Column<Row> {
  readonly title: string;
  /** At least this many characters. */
  readonly width: number;
  readonly isLeft?: boolean;
  cell(row: Row): string;
}

export function headerLine<Row>(columns: readonly Column<Row>[]): string {
  return joinCells(columns, ({ title }) => title);
}

export function rowLine<Row>(columns: readonly Column<Row>[], row: Row): string {
  return joinCells(columns, (column) => column.cell(row));
}

function joinCells<Row>(columns: readonly Column<Row>[], text: (column: Column<Row>) => string): string {
  const cells = columns.map((column) => {
    const width = Math.max(column.width, column.title.length);
    return column.isLeft === true ? text(column).padEnd(width) : text(column).padStart(width);
  });
  return cells.join("  ").trimEnd();
}
