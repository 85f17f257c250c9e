using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using Microsoft.EntityFrameworkCore;

namespace CalicoConsole.Adapters.Audit;

/// <summary>What the console itself keeps, in SQLite, as a datastore with compare-and-swap. Safe for concurrent use; writers take turns.</summary>
/// <remarks>
/// The console's database belongs to one process, so a change is told to followers by the writer. A database that fails is an
/// <see cref="EtcdUnavailableException"/>, as the port says; a commit that failed has changed nothing.
/// </remarks>
/// <param name="contexts">Makes contexts of a database that <see cref="ConsoleDatabase"/> has migrated.</param>
/// <param name="time">The clock for waiting.</param>
public sealed class KeptStore(IDbContextFactory<ConsoleDbContext> contexts, TimeProvider time) : IDatastore, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _writer = new(1);
    private ImmutableArray<Channel<DatastoreUpdate>> _followers = [];

    /// <inheritdoc/>
    /// <remarks>The observer sees nothing: there is little to list, and it comes at once.</remarks>
    public async IAsyncEnumerable<DatastoreUpdate> FollowAsync(IListingObserver? observer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var changes = Channel.CreateUnbounded<DatastoreUpdate>(new UnboundedChannelOptions { SingleReader = true });
        // Before the listing: a change that comes twice does no harm, one that comes never does.
        ImmutableInterlocked.Update(ref _followers, f => f.Add(changes));
        try
        {
            string? lost = null;
            DatastoreUpdate.Listing? listing = null;
            while (listing is null)
            {
                string? failure = null;
                try
                {
                    var all = await ReadAllAsync(KeptKeys.Root, cancellationToken).ConfigureAwait(false);
                    listing = new DatastoreUpdate.Listing(all, all.Select(k => k.Revision).DefaultIfEmpty().Max(), lost ?? "first listing");
                }
                catch (EtcdUnavailableException e)
                {
                    failure = e.Message;
                }

                if (failure is not null && failure != lost)
                {
                    lost = failure;
                    yield return new DatastoreUpdate.Lost(failure);
                }

                if (listing is null)
                {
                    await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
                }
            }

            yield return listing;
            yield return new DatastoreUpdate.Live(listing.Revision);
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            ImmutableInterlocked.Update(ref _followers, f => f.Remove(changes));
        }
    }

    /// <inheritdoc/>
    public Task<StoredKey?> ReadAsync(string key, CancellationToken cancellationToken) => WithAsync(async context =>
        await context.Kept.AsNoTracking().SingleOrDefaultAsync(r => r.Key == key, cancellationToken).ConfigureAwait(false) is { } row ? Stored(row) : null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<ImmutableArray<StoredKey>> ReadAllAsync(string directory, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(directory);
        var below = directory.TrimEnd('/') + "/";
        return WithAsync(async context =>
        {
            var rows = await context.Kept.AsNoTracking().ToListAsync(cancellationToken).ConfigureAwait(false);
            return rows.Where(r => r.Key.StartsWith(below, StringComparison.Ordinal)).OrderBy(r => r.Key, StringComparer.Ordinal).Select(Stored)
                .ToImmutableArray();
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<KeyWriteResult> WriteAsync(KeyWrite write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        if (write.EmptyDirectory)
        {
            return new KeyWriteResult(true, 0, null);
        }

        await _writer.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // From here on it is carried through: a save that is cancelled may have stored its row all the same, and the followers would not hear of it.
            var result = await WithAsync(context => WriteAsync(context, write), CancellationToken.None).ConfigureAwait(false);
            if (result.Done)
            {
                var change = new DatastoreUpdate.Change(write.Key, write.Value is { } value ? new StoredKey(write.Key, value, result.Revision) : null, false,
                    result.Revision);
                foreach (var follower in _followers)
                {
                    follower.Writer.TryWrite(change);
                }
            }

            return result;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _writer.Dispose();

    private static async Task<KeyWriteResult> WriteAsync(ConsoleDbContext context, KeyWrite write)
    {
        var standing = await context.Kept.SingleOrDefaultAsync(r => r.Key == write.Key, CancellationToken.None).ConfigureAwait(false);
        var holds = write.Expected.Kind switch
        {
            ExpectationKind.Absent => standing is null,
            ExpectationKind.Revision => standing is not null && (ulong)standing.Id == write.Expected.Revision,
            _ => true,
        };
        if (!holds || (standing is null && write.Value is null))
        {
            return new KeyWriteResult(false, (ulong)(standing?.Id ?? 0), standing is null ? null : Stored(standing));
        }

        var transaction = await context.Database.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        await using (transaction.ConfigureAwait(false))
        {
            if (standing is not null)
            {
                context.Remove(standing);
                await context.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
            }

            var row = write.Value is { } value ? new KeptRow { Key = write.Key, Value = value.ToArray() } : null;
            if (row is not null)
            {
                context.Add(row);
                await context.SaveChangesAsync(CancellationToken.None).ConfigureAwait(false);
            }

            await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
            return new KeyWriteResult(true, (ulong)(row ?? standing!).Id, null);
        }
    }

    private static StoredKey Stored(KeptRow row) => new(row.Key, row.Value, (ulong)row.Id);

    private async Task<T> WithAsync<T>(Func<ConsoleDbContext, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await contexts.WithAsync(work, cancellationToken).ConfigureAwait(false);
        }
        catch (ConsoleDatabaseException e)
        {
            throw new EtcdUnavailableException(e.Message, e);
        }
    }
}
