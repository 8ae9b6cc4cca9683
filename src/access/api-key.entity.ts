import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A key of a machine; only its hash is kept. */
@Entity('api_key')
export class ApiKeyRow {
  @PrimaryColumn('text')
  hash!: string;

  /** What people call it. */
  @Column('text')
  label!: string;

  @Column('text')
  scope!: string;

  @Column(instantColumn)
  createdAt!: Instant;

  @Column(nullableInstantColumn)
  revokedAt!: Instant | null;

  @Column('boolean', { default: true })
  fromEnvironment!: boolean;

  @Column('text', { default: 'system:environment' })
  createdBy!: string;

  @Column('text', { nullable: true })
  revokedBy!: string | null;

  @Column(nullableInstantColumn)
  lastUsedAt!: Instant | null;
}
