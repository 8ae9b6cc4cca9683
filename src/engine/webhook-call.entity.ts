import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** A call to another system and what became of it; cut by the month it was planned in. */
@Entity('webhook_call')
@Index('webhook_call_due', ['lane', 'dueAt'], { where: "status IN ('ready', 'calling')" })
@Index('webhook_call_contact', ['lane', 'contactId', 'plannedAt'])
export class WebhookCallRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid')
  contactId!: Id;

  @Column('uuid')
  enrollmentId!: Id;

  @Column('text')
  scenarioId!: string;

  @Column('integer')
  scenarioVersion!: number;

  @Column('text')
  step!: string;

  @Column('text')
  method!: string;

  @Column('text')
  url!: string;

  @Column('jsonb', { default: {} })
  headers!: Record<string, string>;

  @Column('text', { nullable: true })
  body!: string | null;

  @Column(instantColumn)
  plannedAt!: Instant;

  @Column('text')
  status!: string;

  @Column(instantColumn)
  dueAt!: Instant;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column('integer', { nullable: true })
  statusCode!: number | null;

  @Column('text', { nullable: true })
  error!: string | null;

  @Column(nullableInstantColumn)
  settledAt!: Instant | null;
}
