import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What the ledger says now: derived, so that the gate reads a row instead of a history. */
@Entity('consent_state')
@Index('consent_expiry', ['lane', 'expiresAt'], { where: 'expires_at IS NOT NULL' })
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

  @Column(nullableInstantColumn)
  requestedAt!: Instant | null;

  @Column(nullableInstantColumn)
  expiresAt!: Instant | null;

  @Column('text', { nullable: true })
  addressMark!: string | null;

  @Column(nullableInstantColumn)
  askedAt!: Instant | null;
}
