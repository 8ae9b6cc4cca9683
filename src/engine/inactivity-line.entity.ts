import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, int8Column } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** The line in which those stand whom `existing: { spread }` of an inactivity trigger lets in, so many a day. */
@Entity('inactivity_line')
export class InactivityLineRow {
  @PrimaryColumn('text')
  scenarioId!: string;

  /** When the first place's turn was. */
  @Column(instantColumn)
  since!: Instant;

  /** Places that somebody has. */
  @Column(int8Column)
  taken!: number;
}
