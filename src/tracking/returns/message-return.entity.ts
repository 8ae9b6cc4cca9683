import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../database/index.ts';
import type { Instant } from '../../shared/clock.ts';
import type { Id } from '../../shared/ids.ts';

/** That a message came back, or was complained about: once a message and kind. No address is kept, only its mark. */
@Entity('message_return')
@Index('message_return_soft', ['lane', 'contactId', 'at'], { where: "kind IN ('soft', 'unknown')" })
export class MessageReturnRow {
  @PrimaryColumn('smallint')
  lane!: number;

  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('uuid')
  messageId!: Id;

  @PrimaryColumn('text')
  kind!: string;

  @Column('uuid')
  contactId!: Id;

  @Column('text')
  mark!: string;

  @Column(instantColumn)
  at!: Instant;

  @Column('text')
  source!: string;

  @Column('text', { nullable: true })
  status!: string | null;

  @Column('text')
  reason!: string;
}
