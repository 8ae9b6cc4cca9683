import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';

/** A token of a signed call that was taken, until the signature is too old anyway. */
@Entity('spent_token')
export class SpentTokenRow {
  @PrimaryColumn('text')
  source!: string;

  @PrimaryColumn('text')
  hash!: string;

  @Index('spent_token_until')
  @Column(instantColumn)
  until!: Instant;
}
