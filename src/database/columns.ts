import type { ColumnOptions, ValueTransformer } from 'typeorm';
import type { Instant } from '../shared/clock.ts';

const instant: ValueTransformer = {
  to: (value: unknown) => (typeof value === 'number' ? new Date(value) : value),
  from: (value: Date | null): Instant | null => (value === null ? null : value.getTime()),
};

const wholeNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};

/** A timestamptz that entities hold as an `Instant`: `@Column(instantColumn)`. */
export const instantColumn = { type: 'timestamptz', transformer: instant } satisfies ColumnOptions;
export const nullableInstantColumn = { ...instantColumn, nullable: true } satisfies ColumnOptions;
/** An int8 that entities hold as a number. */
export const int8Column = { type: 'bigint', transformer: wholeNumber } satisfies ColumnOptions;
