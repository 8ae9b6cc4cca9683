import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** One contact's passage through one scenario version. */
@Entity('enrollment')
@Index('enrollment_live', ['lane', 'contactId', 'scenarioId', 'key'], { unique: true, where: 'ended_at IS NULL' })
@Index('enrollment_due', ['lane', 'dueAt'], { where: 'due_at IS NOT NULL' })
export class EnrollmentRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('text')
  scenarioId!: string;

  @Column('integer')
  scenarioVersion!: number;

  @Column('text', { default: '' })
  key!: string;

  @Column('text')
  status!: string;

  @Column('jsonb')
  state!: Record<string, unknown>;

  @Column('jsonb', { nullable: true })
  entry!: Record<string, unknown> | null;

  @Column(instantColumn)
  enteredAt!: Instant;

  @Column(instantColumn)
  stepEnteredAt!: Instant;

  @Column(nullableInstantColumn)
  endedAt!: Instant | null;

  @Column(nullableInstantColumn)
  convertedAt!: Instant | null;

  @Column(nullableInstantColumn)
  dueAt!: Instant | null;

  @Column('integer', { default: 0 })
  planned!: number;

  @Column('text', { nullable: true })
  reason!: string | null;
}
