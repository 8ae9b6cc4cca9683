import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** What stands against an address, by its salted hash, whoever has it (rule C6). */
@Entity('suppressed_address')
export class SuppressedAddressRow {
  @PrimaryColumn('text')
  channel!: string;

  @PrimaryColumn('text')
  hash!: string;

  /** Empty: whatever the sender; `*`: the advertising of every sender. */
  @PrimaryColumn('text', { default: '' })
  sender!: string;

  @PrimaryColumn('text')
  reason!: string;

  @Column(instantColumn)
  at!: Instant;

  @Column(nullableInstantColumn)
  liftedAt!: Instant | null;
}
