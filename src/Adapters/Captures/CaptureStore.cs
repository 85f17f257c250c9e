using CalicoConsole.Adapters.Audit;
using CalicoConsole.Core.Ports;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Captures;

/// <summary>Captures in the console's database. Safe for concurrent use.</summary>
/// <remarks>Failures of the database are <see cref="ConsoleDatabaseException"/>.</remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
public sealed class CaptureStore(IDbContextFactory<ConsoleDbContext> contexts) : ICaptures
{
    /// <inheritdoc/>
    public Task KeepAsync(KeptCapture capture, ImmutableArray<ReadOnlyMemory<byte>> files, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(capture);
        return contexts.WithAsync(async context =>
        {
            context.Captures.Add(new CaptureRow
            {
                Id = capture.Id,
                At = capture.At,
                From = capture.From,
                To = capture.To,
                Filter = capture.Filter,
                Packets = capture.Packets,
                Bytes = capture.Bytes,
                Headline = capture.Headline,
                Document = capture.Document,
            });
            context.CaptureFiles.AddRange(files.Select((f, i) => new CaptureFileRow { CaptureId = capture.Id, Point = i, Pcap = f.ToArray() }));
            await context.SaveChangesAsync(cancellationToken).ConfigureAwait(false);
            return await ShortenAsync(context, cancellationToken).ConfigureAwait(false);
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<KeptCapture?> FindAsync(Guid id, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        await context.Captures.AsNoTracking().Where(c => c.Id == id)
            .Select(c => new KeptCapture(c.Id, c.At, c.From, c.To, c.Filter, c.Packets, c.Bytes, c.Headline, c.Document))
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false), cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<ReadOnlyMemory<byte>>> FilesAsync(Guid id, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        (await context.CaptureFiles.AsNoTracking().Where(f => f.CaptureId == id).OrderBy(f => f.Point).Select(f => f.Pcap)
            .ToListAsync(cancellationToken).ConfigureAwait(false)).Select(f => (ReadOnlyMemory<byte>)f).ToImmutableArray(), cancellationToken);

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> FileAsync(Guid id, int point, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        await context.CaptureFiles.AsNoTracking().Where(f => f.CaptureId == id && f.Point == point).Select(f => f.Pcap)
            .FirstOrDefaultAsync(cancellationToken).ConfigureAwait(false) is { } file ? (ReadOnlyMemory<byte>?)file : null, cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<KeptCapture>> NewestAsync(int most, CancellationToken cancellationToken) => contexts.WithAsync(async context =>
        ImmutableArray.CreateRange(await context.Captures.AsNoTracking().OrderByDescending(c => c.At).Take(most)
            .Select(c => new KeptCapture(c.Id, c.At, c.From, c.To, c.Filter, c.Packets, c.Bytes, c.Headline, ""))
            .ToListAsync(cancellationToken).ConfigureAwait(false)), cancellationToken);

    // The newest one stays in any case. Its files go with a capture.
    private static async Task<int> ShortenAsync(ConsoleDbContext context, CancellationToken cancellationToken)
    {
        var all = await context.Captures.AsNoTracking().OrderByDescending(c => c.At).Select(c => new { c.Id, c.Bytes }).ToListAsync(cancellationToken)
            .ConfigureAwait(false);
        var (gone, bytes) = (new List<Guid>(), 0L);
        foreach (var (capture, index) in all.Select((c, i) => (c, i)))
        {
            bytes += capture.Bytes;
            if (index > 0 && (index >= ICaptures.Most || bytes > ICaptures.MostBytes))
            {
                gone.Add(capture.Id);
            }
        }

        return gone.Count == 0 ? 0 : await context.Captures.Where(c => gone.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken).ConfigureAwait(false);
    }
}
