import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { instantColumn } from '../../../database/index.ts';
import type { Instant } from '../../../shared/clock.ts';

/** That a text of a person arrived: once a text of a provider. Neither number nor words are kept. */
@Entity('inbound_text')
@Index('inbound_text_answered', ['hash', 'receivedAt'], { where: 'answered' })
export class InboundTextRow {
  @PrimaryColumn('date')
  month!: string;

  @PrimaryColumn('text')
  source!: string;

  @PrimaryColumn('text')
  providerId!: string;

  @Column('text')
  word!: string;

  @Column('text')
  hash!: string;

  @Column(instantColumn)
  receivedAt!: Instant;

  @Column('boolean', { default: false })
  answered!: boolean;
}
