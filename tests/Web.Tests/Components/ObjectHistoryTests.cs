using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Audit;
using CalicoConsole.Web.Kit;
using CalicoConsole.Web.Tests.Forms;
using Microsoft.Extensions.DependencyInjection;
using AuditPage = CalicoConsole.Core.Ports.AuditPage;

namespace CalicoConsole.Web.Tests.Components;

public sealed class ObjectHistoryTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly Log _log = new();
    private readonly FormRunner _running = new(new ManualClusterState());

    public ObjectHistoryTests()
    {
        _context.Services.AddSingleton<IAuditLog>(_log);
        _context.Services.AddSingleton<IRunningOperations>(_running);
        _context.Services.AddSingleton(TimeProvider.System);
        _context.Services.AddScoped<Ticker>();
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    [Fact]
    public void Entries_OfEveryNameAndOfManifests_OnceAndNewestFirst()
    {
        _log.Add(1, "workloadEndpoint", "n/o/w/e", "workloadEndpoint.apply");
        _log.Add(2, "container", "n/c", "container.create");
        _log.Add(3, "manifest", "2 policy documents, first policy web", "manifest.apply");
        var history = _context.Render<ObjectHistory>(p =>
            p.Add(h => h.Kind, "container").Add(h => h.Names, ["n/c", "n/id"]).Add(h => h.Also, ("workloadEndpoint", "n/o/w/e")));
        Assert.Equal(["container n/c", "container n/id", "workloadEndpoint n/o/w/e"], _log.Asked.Select(q => $"{q.Kind} {q.Object}"));
        var rows = history.FindAll("[data-audit]").Select(r => r.QuerySelector("a")!.TextContent).ToArray();
        Assert.Equal(3, rows.Length);
        Assert.Contains("2 policy documents", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain("n/c", rows[1], StringComparison.Ordinal);
        Assert.Contains("n/o/w/e", rows[2], StringComparison.Ordinal);
    }

    [Fact]
    public void ManifestThatEnds_IsLookedUp()
    {
        var history = _context.Render<ObjectHistory>(p => p.Add(h => h.Kind, "policy").Add(h => h.Names, ["web"]));
        Assert.Contains("Nothing was done to it", history.Markup, StringComparison.Ordinal);
        var id = Guid.NewGuid();
        _log.Add(1, "manifest", "policy web", "manifest.apply");
        _running.Add(new RunningOperation(id, new ApplyManifest(ManifestVerb.Apply, CalicoConsole.Core.Manifests.ManifestReader.Read("[]")), "admin", "page",
            DateTimeOffset.UnixEpoch));
        _running.Report(id, o => o);
        history.WaitForAssertion(() => Assert.Single(history.FindAll("[data-audit]")));
    }

    private sealed class Log : IAuditLog
    {
        private readonly List<AuditEntry> _entries = [];

        public List<AuditQuery> Asked { get; } = [];

        public void Add(long id, string kind, string name, string operation) =>
            _entries.Add(new AuditEntry(id, new AuditIntent(Guid.NewGuid(), DateTimeOffset.UnixEpoch, "admin", "page", operation, kind, name, "[]", "[]", []),
                null));

        public Task IntentAsync(AuditIntent intent, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is changed here");

        public Task OutcomeAsync(AuditOutcome outcome, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is changed here");

        public Task RecordAsync(AuditIntent intent, AuditOutcome outcome, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nothing is changed here");

        public Task<ImmutableArray<AuditIntent>> OpenIntentsAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<AuditIntent>.Empty);

        // As the real log: entries of the object itself, and every manifest.
        public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
        {
            Asked.Add(query);
            ImmutableArray<AuditEntry> found = [.. _entries.Where(e => e.Intent.ObjectKind == "manifest"
                || (e.Intent.ObjectKind == query.Kind && e.Intent.ObjectName == query.Object))];
            return Task.FromResult(new AuditPage(found, found.Length));
        }
    }
}
