using System.Buffers;
using System.Text.Json;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Adapters.Etcd;

/// <summary>What a body of the keys API held: an answer or an error.</summary>
internal sealed record EtcdBody(string? Action, EtcdNode? Node, EtcdNode? PreviousNode, int ErrorCode, string Message, string Cause, ulong Index);

/// <summary>
/// Reads the JSON of the keys API while it arrives: values go from the buffer to their own bytes without a string between, and
/// a listing of any size needs only a small buffer.
/// </summary>
internal static class EtcdAnswerReader
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 2000 };

    /// <summary>Reads to the end of the stream; null when the body is empty.</summary>
    /// <exception cref="JsonException">The body is not JSON.</exception>
    public static async Task<EtcdBody?> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            var builder = new EtcdBodyBuilder();
            var state = new JsonReaderState(Options);
            int filled = 0;
            long total = 0;
            while (true)
            {
                if (filled == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, filled).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }

                var read = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
                filled += read;
                total += read;
                if (read == 0 && (total == 0 || IsBlank(buffer.AsSpan(0, filled), total)))
                {
                    return null;
                }

                var consumed = Parse(buffer.AsSpan(0, filled), read == 0, ref state, builder);
                buffer.AsSpan(consumed, filled - consumed).CopyTo(buffer);
                filled -= consumed;
                if (read == 0)
                {
                    return builder.Build();
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> rest, long total) => rest.Length == total && rest.Trim(" \r\n\t"u8).IsEmpty;

    private static int Parse(ReadOnlySpan<byte> bytes, bool last, ref JsonReaderState state, EtcdBodyBuilder builder)
    {
        var reader = new Utf8JsonReader(bytes, last, state);
        while (reader.Read())
        {
            builder.Take(ref reader);
        }

        state = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }
}
