import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** When to look again whether a date, inactivity, schedule or audience trigger fires for a contact. */
@Entity('watch')
@Index('watch_due', ['lane', 'dueAt'], { where: 'due_at IS NOT NULL' })
export class WatchRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('uuid')
  contactId!: Id;

  @PrimaryColumn('text')
  scenarioId!: string;

  @Column(nullableInstantColumn)
  dueAt!: Instant | null;

  @Column('jsonb', { default: {} })
  fired!: Record<string, unknown>;
}
