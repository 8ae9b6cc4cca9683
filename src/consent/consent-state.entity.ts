import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What the ledger says now: derived, so that the gate reads a row instead of a history. */
@Entity('consent_state')
export class ConsentStateRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('text')
  channel!: string;

  @PrimaryColumn('text')
  purpose!: string;

  @PrimaryColumn('text', { default: '' })
  brand!: string;

  @Column('text')
  state!: string;

  @Column(instantColumn)
  at!: Instant;

  @Column('text', { nullable: true })
  legalBasis!: string | null;
}
