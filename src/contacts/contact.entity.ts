import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** A person. */
@Entity('contact')
@Index('contact_phone', ['lane', 'phone'], { where: 'phone IS NOT NULL' })
export class ContactRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('text', { nullable: true })
  userId!: string | null;

  @Column('text', { nullable: true })
  email!: string | null;

  @Column('text', { nullable: true })
  phone!: string | null;

  @Column('text', { nullable: true })
  firstName!: string | null;

  @Column('text', { nullable: true })
  lastName!: string | null;

  @Column('text', { nullable: true })
  birthday!: string | null;

  @Column('text', { nullable: true })
  locale!: string | null;

  @Column('text', { nullable: true })
  timezone!: string | null;

  @Column('text', { nullable: true })
  country!: string | null;

  @Column(instantColumn)
  createdAt!: Instant;

  @Column('jsonb', { default: {} })
  attributes!: Record<string, unknown>;

  @Column('integer', { nullable: true })
  maxPerWeek!: number | null;

  @Column(nullableInstantColumn)
  pauseUntil!: Instant | null;

  /** As far as events tell that are no longer kept. */
  @Column(nullableInstantColumn)
  lastActiveAt!: Instant | null;

  @Column(nullableInstantColumn)
  lastSaleAt!: Instant | null;

  @Column('text', { nullable: true })
  language!: string | null;
}
