import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** Nothing is done with this contact but to keep it (GDPR Art. 18), until the engine has taken note of the lift. */
@Entity('restriction')
export class RestrictionRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @Column(instantColumn)
  at!: Instant;

  @Column(nullableInstantColumn)
  liftedAt!: Instant | null;
}
