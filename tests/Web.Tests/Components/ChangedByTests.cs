using System.Collections.Immutable;
using Bunit;
using CalicoConsole.Core.Ports;
using CalicoConsole.Web.Areas.Audit;
using CalicoConsole.Web.Kit;
using Microsoft.Extensions.DependencyInjection;
using AuditPage = CalicoConsole.Core.Ports.AuditPage;

namespace CalicoConsole.Web.Tests.Components;

/// <summary>A form that comes upon another's change says whose it is, or that it is not known.</summary>
public sealed class ChangedByTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Opened = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);
    private readonly BunitContext _context = new();
    private readonly Log _log = new();

    public ChangedByTests()
    {
        _context.Services.AddSingleton<IAuditLog>(_log);
        _context.Services.AddSingleton(TimeProvider.System);
        _context.Services.AddScoped<Ticker>();
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    [Theory]
    [InlineData(5, "succeeded", "anna")]
    [InlineData(5, "partial", "anna")]
    [InlineData(5, null, "anna")]
    [InlineData(5, "conflict", "")]
    [InlineData(-5, "succeeded", "")]
    [InlineData(-5, null, "anna")]
    [InlineData(-120, null, "")]
    public void Change_IsTheAuditsNewestThatEndedSinceTheFormWasOpened(int seconds, string? outcome, string by)
    {
        _log.Add("anna", Opened.AddSeconds(seconds), outcome);
        Assert.Equal(by, Render("now").GetAttribute("data-changed-by"));
        Assert.Equal(("profile", "backend"), (_log.Asked[0].Kind, _log.Asked[0].Object));
    }

    [Fact]
    public void Change_OfNobodyHere_IsSaidToComeFromElsewhere() =>
        Assert.Contains("Not through this console", Render("now").TextContent, StringComparison.Ordinal);

    [Fact]
    public void AnotherChange_IsLookedUpAnew()
    {
        _log.Add("anna", Opened.AddSeconds(1), "succeeded");
        var view = _context.Render<ChangedBy>(Parameters("now"));
        Assert.Equal("anna", view.Find("p").GetAttribute("data-changed-by"));
        _log.Add("berta", Opened.AddSeconds(9), "succeeded");
        view.Render(Parameters("now"));
        Assert.Single(_log.Asked);
        view.Render(Parameters("later"));
        Assert.Equal("berta", view.Find("p").GetAttribute("data-changed-by"));
    }

    private static Action<ComponentParameterCollectionBuilder<ChangedBy>> Parameters(string now) =>
        p => p.Add(c => c.Kind, "profile").Add(c => c.Name, "backend").Add(c => c.Since, Opened).Add(c => c.Now, now);

    private AngleSharp.Dom.IElement Render(string now) => _context.Render<ChangedBy>(Parameters(now)).Find("p");

    private sealed class Log : IAuditLog
    {
        private readonly List<AuditEntry> _entries = [];

        public List<AuditQuery> Asked { get; } = [];

        public void Add(string actor, DateTimeOffset at, string? outcome)
        {
            var intent = new AuditIntent(Guid.NewGuid(), at, actor, "page", "profile.replace", "profile", "backend", "[]", "[]", []);
            _entries.Insert(0, new AuditEntry(_entries.Count, intent, outcome is null ? null : new AuditOutcome(intent.OperationId, at, outcome, null, "[]")));
        }

        public Task IntentAsync(AuditIntent intent, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is changed here");

        public Task OutcomeAsync(AuditOutcome outcome, CancellationToken cancellationToken) => throw new InvalidOperationException("nothing is changed here");

        public Task RecordAsync(AuditIntent intent, AuditOutcome outcome, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("nothing is changed here");

        public Task<ImmutableArray<AuditIntent>> OpenIntentsAsync(CancellationToken cancellationToken) => Task.FromResult(ImmutableArray<AuditIntent>.Empty);

        public Task<AuditPage> QueryAsync(AuditQuery query, CancellationToken cancellationToken)
        {
            Asked.Add(query);
            return Task.FromResult(new AuditPage([.. _entries], _entries.Count));
        }
    }
}
