import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** A planned message and what became of it; cut by the month it was planned in. */
@Entity('message')
@Index('message_provider', ['lane', 'providerId'], { where: "channel = 'sms'" })
@Index('message_pending', ['lane', 'contactId'], { where: "status IN ('held', 'ready', 'handing')" })
@Index('message_contact', ['lane', 'contactId', 'countedAt'])
@Index('message_held', ['lane', 'dueAt'], { where: "status = 'held'" })
// TypeORM cannot say DESC.
@Index('message_ready', { synchronize: false })
@Index('message_handing', ['lane', 'leaseUntil'], { where: "status = 'handing'" })
export class MessageRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid')
  contactId!: Id;

  @Column('uuid', { nullable: true })
  enrollmentId!: Id | null;

  @Column('text')
  scenarioId!: string;

  @Column('integer')
  scenarioVersion!: number;

  @Column('text')
  programme!: string;

  @Column('text', { nullable: true })
  campaign!: string | null;

  @Column('text')
  step!: string;

  @Column('text')
  channel!: string;

  @Column('text')
  template!: string;

  @Column('integer')
  templateVersion!: number;

  @Column('text')
  category!: string;

  @Column('text')
  purpose!: string;

  @Column('smallint')
  priority!: number;

  @Column('text')
  sender!: string;

  @Column('boolean')
  needsConsent!: boolean;

  @Column('boolean')
  subjectTo!: boolean;

  @Column('boolean')
  countsToward!: boolean;

  @Column('smallint', { default: 1 })
  parts!: number;

  @Column('text', { nullable: true })
  sendWindow!: string | null;

  @Column('jsonb', { default: {} })
  data!: Record<string, unknown>;

  @Column(instantColumn)
  plannedAt!: Instant;

  @Column(nullableInstantColumn)
  expiresAt!: Instant | null;

  @Column('text')
  status!: string;

  @Column(instantColumn)
  dueAt!: Instant;

  @Column(nullableInstantColumn)
  heldUntil!: Instant | null;

  @Column(nullableInstantColumn)
  countedAt!: Instant | null;

  @Column(nullableInstantColumn)
  holdsUntil!: Instant | null;

  @Column(nullableInstantColumn)
  settledAt!: Instant | null;

  @Column('text', { nullable: true })
  gate!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { nullable: true })
  rule!: string | null;

  @Column('integer', { default: 0 })
  judged!: number;

  @Column('integer', { default: 0 })
  attempts!: number;

  @Column(nullableInstantColumn)
  leaseUntil!: Instant | null;

  /** While it is being handed over: the hash by which the lock of the address goes. */
  @Column('integer', { nullable: true })
  handingTo!: number | null;

  /** While it is being handed over: the batch that does. */
  @Column('integer', { nullable: true })
  handingBy!: number | null;

  @Column('text', { nullable: true })
  providerId!: string | null;

  @Column(nullableInstantColumn)
  deliveredAt!: Instant | null;

  @Column(nullableInstantColumn)
  bouncedAt!: Instant | null;

  @Column(nullableInstantColumn)
  openedAt!: Instant | null;

  @Column(nullableInstantColumn)
  clickedAt!: Instant | null;
}
