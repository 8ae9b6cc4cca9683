import { Column, Entity, PrimaryColumn } from 'typeorm';
import { instantColumn, nullableInstantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';

/** A channel that a fault of the sender has paused (rule D10). */
@Entity('channel_pause')
export class ChannelPauseRow {
  @PrimaryColumn('text')
  channel!: string;

  @Column('text')
  reason!: string;

  @Column(instantColumn)
  pausedAt!: Instant;

  @Column(nullableInstantColumn)
  until!: Instant | null;
}
