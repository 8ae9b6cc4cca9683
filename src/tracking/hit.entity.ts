import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../database/index.ts';
import type { Instant } from '../shared/clock.ts';
import type { Id } from '../shared/ids.ts';

/** One request of a tracked link or pixel; cut by month. Neither address nor browser of who asked is kept. */
@Entity('hit')
@Index('hit_pending', ['lane', 'at'], { where: "verdict = 'pending'" })
@Index('hit_message', ['lane', 'messageId', 'at'])
export class HitRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  id!: Id;

  @Column('uuid')
  contactId!: Id;

  @Column('uuid')
  messageId!: Id;

  @Column('date')
  messageMonth!: string;

  @Column('text')
  kind!: string;

  @Column('text', { nullable: true })
  url!: string | null;

  @Column(instantColumn)
  at!: Instant;

  @Column('text')
  verdict!: string;

  @Column('text', { nullable: true })
  reason!: string | null;
}
