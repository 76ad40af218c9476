using System.Collections;
using System.Data.Common;

namespace SafeLoop.EntityFrameworkCore.Tests;

/// <summary>Rows whose columns have any value of the type that is asked for.</summary>
internal sealed class AnyRows(int rows) : DbDataReader
{
    private int _read;

    public override int Depth => 0;

    public override int FieldCount => 50;

    public override bool HasRows => rows > 0;

    public override bool IsClosed => false;

    public override int RecordsAffected => 1;

    public override object this[int ordinal] => 1;

    public override object this[string name] => 1;

    public override bool Read() => _read++ < rows;

    public override bool NextResult()
    {
        _read = 0;
        return true;
    }

    public override bool GetBoolean(int ordinal) => true;

    public override byte GetByte(int ordinal) => 1;

    public override short GetInt16(int ordinal) => 1;

    public override int GetInt32(int ordinal) => ordinal == 1 ? 0 : 1; // the second is the position of an inserted row

    public override long GetInt64(int ordinal) => 1;

    public override string GetString(int ordinal) => "1";

    public override Guid GetGuid(int ordinal) => new(1, 0, 0, new byte[8]);

    public override float GetFloat(int ordinal) => 1;

    public override double GetDouble(int ordinal) => 1;

    public override decimal GetDecimal(int ordinal) => 1;

    public override DateTime GetDateTime(int ordinal) => DateTime.UnixEpoch;

    public override char GetChar(int ordinal) => '1';

    public override object GetValue(int ordinal) => 1;

    public override bool IsDBNull(int ordinal) => false;

    public override string GetName(int ordinal) => $"{ordinal}";

    public override int GetOrdinal(string name) => 0;

    public override Type GetFieldType(int ordinal) => typeof(int);

    public override string GetDataTypeName(int ordinal) => "int";

    public override int GetValues(object[] values) => 0;

    public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) => 0;

    public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) => 0;

    public override IEnumerator GetEnumerator() => throw new NotSupportedException();
}
