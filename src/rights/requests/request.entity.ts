import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** A request of a person about their data, with its clock (GDPR Art. 12(3)). It outlives the contact. */
@Entity('rights_request')
@Index('rights_request_contact', ['lane', 'contactId'])
@Index('rights_request_open', { synchronize: false })
export class RightsRequestRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid', { nullable: true })
  contactId!: Id | null;

  @Column('text')
  reference!: string;

  @Column('text')
  kind!: string;

  @Column('text')
  origin!: string;

  @Column(instantColumn)
  receivedAt!: Instant;

  @Column(instantColumn)
  dueAt!: Instant;

  @Column(nullableInstantColumn)
  extendedAt!: Instant | null;

  @Column('text', { nullable: true })
  extendedBecause!: string | null;

  @Column('text')
  state!: string;

  @Column(nullableInstantColumn)
  doneAt!: Instant | null;

  @Column('text', { nullable: true })
  doneBy!: string | null;

  @Column('jsonb', { default: {} })
  report!: Record<string, unknown>;
}
