import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What would have been handed to a provider, had its channel been configured; cut by the message's month. */
@Entity('captured')
// TypeORM cannot say DESC.
@Index('captured_recent', { synchronize: false })
export class CapturedRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  messageId!: Id;

  @Column('uuid')
  contactId!: Id;

  @Column('text')
  channel!: string;

  @Column('text')
  recipient!: string;

  @Column('text')
  sender!: string;

  @Column('text', { nullable: true })
  subject!: string | null;

  @Column('text', { nullable: true })
  html!: string | null;

  @Column('text')
  text!: string;

  @Column('jsonb', { default: {} })
  headers!: Record<string, string>;

  @Column(instantColumn)
  capturedAt!: Instant;
}
