import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, int8Column } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What waits for the engine to take note of it. */
@Entity('inbox')
export class InboxRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn(int8Column)
  seq!: number;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid')
  contactId!: Id;

  @Column(instantColumn)
  receivedAt!: Instant;

  @Column('text')
  kind!: string;

  @Column('date', { nullable: true })
  month!: string | null;

  @Column('jsonb', { nullable: true })
  body!: Record<string, unknown> | null;
}
