import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** One run of the retention job: who began it, how far it came, and what it removed, in numbers. */
@Entity('retention_run')
export class RetentionRunRow {
  @PrimaryColumn('uuid')
  id!: Id;

  @Column(instantColumn)
  startedAt!: Instant;

  @Column('text')
  startedBy!: string;

  /** `running`, `done`, `stopped` or `failed`. */
  @Column('text')
  state!: string;

  @Column(instantColumn)
  seenAt!: Instant;

  @Column(nullableInstantColumn)
  endedAt!: Instant | null;

  @Column('jsonb', { default: {} })
  report!: Record<string, unknown>;
}
