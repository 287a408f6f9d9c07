/**
 * The rare messages into rows: statuses, security directory, auctions, official prices. Each function returns 0, or why the
 * message could not be read. Must not know captures or the order books.
 */
import { ALL_INSTRUMENTS, AuctionField, EventKind, OfficialPriceCode, Side, StatusCode, UnparseableReason } from '../../model/index.ts';
import { isPrice, MAX_SIZE, priceAt } from './fields.ts';
import { STATUS_CODES, TYPE } from './protocol.ts';
import type { StreamRows } from './rows.ts';

/** 0 = read. */
export type Refusal = UnparseableReason | 0;

/**
 * Writes a status row. `ref` keeps what the message adds: the four letters of a halt's reason as a big-endian u32, or the
 * detail letter of a short-sale status.
 */
export function writeStatus(rows: StreamRows, view: DataView, at: number, id: number): Refusal {
  const type = view.getUint8(at);
  const code = STATUS_CODES[type * 256 + view.getUint8(at + 1)] as number;
  if (code === 0) return UnparseableReason.badField;
  const row = rows.begin(EventKind.status, type === TYPE.systemEvent ? ALL_INSTRUMENTS : id);
  const batch = rows.writer.batch;
  batch.code[row] = code;
  if (type === TYPE.tradingStatus) batch.ref[row] = view.getUint32(at + 18);
  else if (type === TYPE.shortSaleTest) batch.ref[row] = view.getUint8(at + 18);
  return 0;
}

/** Writes the security-directory row: price = adjusted previous close, size = round lot, ref = flags × 256 + LULD tier. */
export function writeDirectory(rows: StreamRows, view: DataView, at: number, id: number): Refusal {
  const price = priceAt(view, at + 22);
  const lot = view.getUint32(at + 18, true);
  if (!isPrice(price) || lot > MAX_SIZE) return UnparseableReason.numberOutOfRange;
  const row = rows.begin(EventKind.status, id);
  const batch = rows.writer.batch;
  batch.code[row] = StatusCode.securityDirectory;
  batch.price[row] = price;
  batch.size[row] = lot;
  batch.ref[row] = view.getUint8(at + 1) * 256 + view.getUint8(at + 30);
  return 0;
}

/** Writes an official opening or closing price. */
export function writeOfficialPrice(rows: StreamRows, view: DataView, at: number, id: number): Refusal {
  const price = priceAt(view, at + 18);
  if (!isPrice(price)) return UnparseableReason.numberOutOfRange;
  const which = view.getUint8(at + 1);
  if (which !== 0x51 && which !== 0x4d) return UnparseableReason.badField;
  const row = rows.begin(EventKind.officialPrice, id);
  rows.writer.batch.code[row] = which === 0x51 ? OfficialPriceCode.opening : OfficialPriceCode.closing;
  rows.writer.batch.price[row] = price;
  return 0;
}

const AUCTION_PRICES: readonly (readonly [number, number])[] = [
  [AuctionField.reference, 22],
  [AuctionField.indicativeClearing, 30],
  [AuctionField.bookClearing, 48],
  [AuctionField.collarReference, 56],
  [AuctionField.lowerCollar, 64],
  [AuctionField.upperCollar, 72],
];

/**
 * Writes one row a field; `ref` is the letter of the auction's type, for the scheduled time it is the time in seconds since
 * the epoch and `size` the number of extensions.
 */
export function writeAuction(rows: StreamRows, view: DataView, at: number, id: number): Refusal {
  const paired = view.getUint32(at + 18, true);
  const imbalance = view.getUint32(at + 38, true);
  if (paired > MAX_SIZE || imbalance > MAX_SIZE) return UnparseableReason.numberOutOfRange;
  for (const [, offset] of AUCTION_PRICES) if (!isPrice(priceAt(view, at + offset))) return UnparseableReason.numberOutOfRange;
  const letter = view.getUint8(at + 42);
  const side = letter === 0x42 ? Side.bid : letter === 0x53 ? Side.ask : Side.none;
  const auctionType = view.getUint8(at + 1);
  const write = (field: number, price: number, size: number): number => {
    const row = rows.begin(EventKind.auction, id);
    const batch = rows.writer.batch;
    batch.code[row] = field;
    batch.side[row] = side;
    batch.price[row] = price;
    batch.size[row] = size;
    batch.ref[row] = auctionType;
    return row;
  };
  for (const [field, offset] of AUCTION_PRICES) write(field, priceAt(view, at + offset), 0);
  write(AuctionField.paired, 0, paired);
  write(AuctionField.imbalance, 0, imbalance);
  const scheduled = write(AuctionField.scheduledTime, 0, view.getUint8(at + 43));
  rows.writer.batch.ref[scheduled] = view.getUint32(at + 44, true);
  return 0;
}
