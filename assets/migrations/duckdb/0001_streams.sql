-- Tables of a session that is being recorded, one per stream, all with the columns of the recording format.
CREATE TABLE depth (
  ordinal BIGINT, kind UTINYINT, side UTINYINT, code USMALLINT, flags UINTEGER, instrument UINTEGER,
  price DECIMAL(18,9), size DECIMAL(18,9), exchange_time TIMESTAMP_NS, receive_time TIMESTAMP_NS, sequence BIGINT, ref BIGINT
);
CREATE TABLE trade AS FROM depth LIMIT 0;
CREATE TABLE quote AS FROM depth LIMIT 0;
CREATE TABLE event AS FROM depth LIMIT 0;
CREATE TABLE keyframe AS FROM depth LIMIT 0;
