import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What stands against a contact whatever its address is: an objection, an erasure. `*` is every channel. */
@Entity('suppression')
export class SuppressionRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('text')
  channel!: string;

  @Column('text')
  reason!: string;

  @Column(instantColumn)
  at!: Instant;
}
