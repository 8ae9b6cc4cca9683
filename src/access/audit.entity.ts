import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** One thing that somebody, or the service by itself, changed. Append-only. */
@Entity('audit')
@Index('audit_subject', ['subject', 'at'])
export class AuditRow {
  @PrimaryColumn(instantColumn)
  at!: Instant;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  actor!: string;

  @Column('text')
  action!: string;

  @Column('text')
  subject!: string;

  @Column('jsonb', { default: {} })
  details!: Record<string, unknown>;
}
