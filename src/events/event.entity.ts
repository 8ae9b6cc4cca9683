import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, int8Column } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** What happened to a contact; cut by month. */
@Entity('event')
@Index('event_contact', ['lane', 'contactId', 'name', 'at'])
export class EventRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid')
  contactId!: Id;

  @Column('text', { nullable: true })
  userId!: string | null;

  @Column(int8Column)
  seq!: number;

  @Column('text')
  type!: string;

  @Column('text')
  name!: string;

  @Column(instantColumn)
  at!: Instant;

  @Column(instantColumn)
  receivedAt!: Instant;

  @Column('jsonb')
  properties!: Record<string, unknown>;

  @Column('jsonb', { nullable: true })
  context!: Record<string, unknown> | null;

  @Column('boolean', { default: false })
  historical!: boolean;

  @Column('boolean', { default: true })
  active!: boolean;
}
