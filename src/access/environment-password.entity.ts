import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A value of ADMIN_PASSWORD that was applied to an account, hashed. */
@Entity('environment_password')
export class EnvironmentPasswordRow {
  @PrimaryColumn('text')
  email!: string;

  @PrimaryColumn('text')
  passwordHash!: string;

  @Column(instantColumn)
  appliedAt!: Instant;
}
