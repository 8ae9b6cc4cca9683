import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** An address nothing is sent to; `*` is every channel, an empty address every address of the contact. */
@Entity('suppression')
export class SuppressionRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('text')
  channel!: string;

  @PrimaryColumn('text', { default: '' })
  address!: string;

  @Column('text')
  reason!: string;

  @Column(instantColumn)
  at!: Instant;
}
