import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** A call of a batch that could not be read, kept for some days where people see it. */
@Entity('rejected_event')
@Index('rejected_event_latest', ['receivedAt', 'id'])
export class RejectedEventRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  id!: Id;

  /** Null where the call does not tell whose it is: then `body` has no values. */
  @Column('uuid', { nullable: true })
  contactId!: Id | null;

  @Column('text', { nullable: true })
  userId!: string | null;

  @Column(instantColumn)
  receivedAt!: Instant;

  @Column('text', { nullable: true })
  type!: string | null;

  @Column('text')
  path!: string;

  @Column('text')
  detail!: string;

  @Column('text')
  body!: string;
}
