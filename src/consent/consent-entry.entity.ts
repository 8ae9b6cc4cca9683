import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** One entry of the ledger (rule C2): the database refuses to change or delete it. */
@Entity('consent_entry')
export class ConsentEntryRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('integer')
  ordinal!: number;

  @Column(instantColumn)
  recordedAt!: Instant;

  @Column(instantColumn)
  at!: Instant;

  @Column('text')
  channel!: string;

  @Column('text')
  purpose!: string;

  @Column('text')
  action!: string;

  @Column('text', { nullable: true })
  legalBasis!: string | null;

  @Column('text')
  sourceKind!: string;

  @Column('text', { nullable: true })
  sourceReference!: string | null;

  @Column('text', { nullable: true })
  textVersion!: string | null;

  @Column('text', { nullable: true })
  text!: string | null;

  @Column('text', { nullable: true })
  ip!: string | null;

  @Column('text', { nullable: true })
  userAgent!: string | null;

  @Column('text', { nullable: true })
  brand!: string | null;

  @Column(nullableInstantColumn)
  requestedAt!: Instant | null;

  @Column(nullableInstantColumn)
  expiresAt!: Instant | null;

  @Column('text', { nullable: true })
  addressMark!: string | null;

  @Column('text')
  previousHash!: string;

  @Column('text')
  hash!: string;
}
