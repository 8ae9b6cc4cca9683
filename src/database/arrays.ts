/**
 * Arrays as values of statements, for those that carry many rows. The driver can turn a JS array into PostgreSQL's
 * array literal by itself, but quotes and escapes each element on the way, three times as slow, and PostgreSQL
 * then undoes it. Measured over a batch of 100 events: 0.6 ms against 0.2 ms in the service.
 */

/** For `$n::uuid[]`, `int8[]`, `float8[]`, `bool[]`…: elements whose text needs no quoting. Never for text. */
export function plainArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** OID of the type `text`. */
const TEXT = 25;

/** For `$n::text[]`, also of JSON: PostgreSQL's binary form of an array, whose elements are copied as they are. */
export function textArray(values: readonly (string | null)[]): Buffer {
  let size = 20;
  for (const value of values) size += 4 + (value === null ? 0 : Buffer.byteLength(value));
  const bytes = Buffer.allocUnsafe(size);
  // One dimension, "may have nulls", the element's type; then the dimension's length and its first index.
  bytes.writeInt32BE(1, 0);
  bytes.writeInt32BE(1, 4);
  bytes.writeInt32BE(TEXT, 8);
  bytes.writeInt32BE(values.length, 12);
  bytes.writeInt32BE(1, 16);
  let at = 20;
  for (const value of values) {
    const length = value === null ? -1 : bytes.write(value, at + 4);
    bytes.writeInt32BE(length, at);
    at += 4 + Math.max(length, 0);
  }
  return bytes;
}
