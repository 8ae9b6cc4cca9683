import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** Somebody who may sign in. */
@Entity('account')
export class AccountRow {
  @PrimaryColumn('text')
  email!: string;

  @Column('text')
  passwordHash!: string;

  @Column('text')
  role!: string;

  @Column(instantColumn)
  createdAt!: Instant;

  @Column({ ...instantColumn, default: () => 'now()' })
  passwordChangedAt!: Instant;

  @Column('boolean', { default: true })
  fromEnvironment!: boolean;
}
