import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** A judgement about a message, with every gate's answer; cut by the message's month. */
@Entity('decision')
export class DecisionRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  messageId!: Id;

  @PrimaryColumn('integer')
  ordinal!: number;

  @Column('uuid')
  contactId!: Id;

  @Column(instantColumn)
  at!: Instant;

  @Column('text')
  verdict!: string;

  @Column('text', { nullable: true })
  gate!: string | null;

  @Column('text', { nullable: true })
  reason!: string | null;

  @Column('text', { nullable: true })
  rule!: string | null;

  @Column(nullableInstantColumn)
  until!: Instant | null;

  @Column('integer')
  policyVersion!: number;

  @Column('jsonb')
  gates!: unknown[];
}
