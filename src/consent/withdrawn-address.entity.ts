import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A purpose that was withdrawn by a message, against the address the message went to, whoever has it (rule C5a). */
@Entity('withdrawn_address')
export class WithdrawnAddressRow {
  @PrimaryColumn('text')
  channel!: string;

  @PrimaryColumn('text')
  hash!: string;

  @PrimaryColumn('text')
  purpose!: string;

  @PrimaryColumn('text', { default: '' })
  brand!: string;

  @Column(instantColumn)
  at!: Instant;

  @Column(nullableInstantColumn)
  liftedAt!: Instant | null;
}
