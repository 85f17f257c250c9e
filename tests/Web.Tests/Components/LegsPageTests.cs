using Bunit;
using CalicoConsole.Core.Reconciliation;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.Connectivity;
using CalicoConsole.Web.Areas.Endpoints;
using CalicoConsole.Web.Hosting;
using CalicoConsole.Web.Live;
using CalicoConsole.Web.Routing;
using CalicoConsole.Web.Tests.Forms;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CalicoConsole.Web.Tests.Components;

public sealed class LegsPageTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly ManualClusterState _state = new();
    private readonly GivenReadings _readings = new();

    public LegsPageTests()
    {
        _state.Publish(LegsSample.Snapshot());
        var runner = new FormRunner(_state);
        _context.AddConsole(_state, runner, runner);
        _context.Services.AddSingleton<ILegReader>(_readings);
        _context.Services.AddSingleton(new ConsoleSettings { ClusterName = "test", ClusterKind = "sandbox", ConnectionString = "", DataFolder = "" });
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    [Fact]
    public void Page_ShowsFourLegsAtOnce_AndReadsNothingByItself()
    {
        _readings.Answer = _ => throw new InvalidOperationException("nobody asked");
        var page = _context.Render<LegsPage>();

        var row = page.WaitForElement("[data-workload]").TextContent;
        Assert.Contains("workload1", row, StringComparison.Ordinal);
        Assert.Contains("unread", row, StringComparison.Ordinal);
        Assert.Empty(page.FindAll("[data-readings]"));
        Assert.Empty(page.FindAll("[data-only-faults]"));
    }

    [Fact]
    public void Read_WhileHostsAnswer_ThePageGoesOn_ThenNamesTheMissingInterface()
    {
        var answer = new TaskCompletionSource<LegReadings>();
        _readings.Answer = _ => answer.Task;
        var page = _context.Render<LegsPage>();
        page.WaitForElement("[data-workload]");

        page.Find("[data-read]").Click();

        page.WaitForAssertion(() => Assert.Contains("Reading the interfaces", page.Markup, StringComparison.Ordinal));
        Assert.True(page.Find("[data-read]").HasAttribute("disabled"));
        Assert.Contains("workload1", page.Find("[data-workload]").TextContent, StringComparison.Ordinal);
        answer.SetResult(LegsSample.Readings(_state.Current));

        page.WaitForAssertion(() => Assert.Contains("Interface missing", page.Find("[data-workload]").TextContent, StringComparison.Ordinal));
        Assert.Contains("docker02: no answer within 3 s", page.Find("[data-readings]").TextContent, StringComparison.Ordinal);
        Assert.Equal("connectivity/legs?state=fault", page.Find("[data-only-faults]").GetAttribute("href"));
        Assert.False(page.Find("[data-read]").HasAttribute("disabled"));
    }

    [Fact]
    public void Read_InterfaceThere_AllLegsAgree()
    {
        _readings.Answer = s => Task.FromResult(LegsSample.Readings(s, "cali1"));
        var page = _context.Render<LegsPage>();
        page.WaitForElement("[data-workload]");

        page.Find("[data-read]").Click();

        page.WaitForAssertion(() => Assert.Contains("agrees", page.Find("[data-workload]").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void Workload_HasEachLegWithItsRepairAndCommand_AndIsGoneOnceItIsRepaired()
    {
        var sound = LegsSample.Snapshot();
        _state.Publish(sound with { Calico = sound.Calico with { Profiles = sound.Calico.Profiles.Remove("my_net") } });
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(Links.Legs(LegsSample.Key));
        var page = _context.Render<LegsPage>();

        var profile = page.WaitForElement("[data-leg='profile']");
        Assert.Contains("the profile my_net does not exist", profile.TextContent, StringComparison.Ordinal);
        Assert.Contains("Profile missing:", page.Find("[data-fault='profile']").TextContent, StringComparison.Ordinal);
        Assert.Contains("Felix drops what no policy decides.", page.Find("[data-fault='profile']").TextContent, StringComparison.Ordinal);
        Assert.Contains("missing", profile.TextContent, StringComparison.Ordinal);
        Assert.Equal("do/create-profile?name=my_net", page.Find("[data-fault='profile'] [data-mend]").GetAttribute("href"));
        Assert.Equal(5, page.FindAll("[data-leg]").Count);

        _state.Publish(sound);
        page.WaitForAssertion(() => Assert.Contains("there", page.Find("[data-leg='profile']").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("[data-fault]"));
        _state.Publish(sound with { Calico = CalicoState.Empty, Hosts = sound.Hosts.Clear() });
        page.WaitForAssertion(() => Assert.Contains("Nothing is left of this workload", page.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public void Actions_OfARow_BeginWithItsRepairs()
    {
        var sound = LegsSample.Snapshot();
        _state.Publish(sound with { Calico = sound.Calico with { Profiles = sound.Calico.Profiles.Remove("my_net") } });
        var index = _context.Services.GetRequiredService<IpamState>().Current;
        var row = new LegsRow(Assert.Single(Reconciler.Rows(index.Snapshot, index)));

        Assert.Equal(["Create the profile my_net", "Show its legs", "Open the endpoint", "Open the container"], LegsRow.Actions(row).Select(a => a.Text));
        Assert.Equal("Profile missing", row.Faults);
    }

    [Fact]
    public void DeleteForm_OfAnEndpointThatAContainerHas_AsksForItsName()
    {
        _context.Services.GetRequiredService<NavigationManager>().NavigateTo(
            Links.DeleteEndpoint(new("docker01", "libnetwork", "libnetwork", Cluster.EndpointId)));
        var page = _context.Render<DeleteEndpointPage>();

        page.WaitForAssertion(() => Assert.Contains("Delete endpoint of workload1", page.Markup, StringComparison.Ordinal));
        Assert.Contains("192.0.2.2", page.Find(".form-facts").TextContent, StringComparison.Ordinal);
        Assert.Contains("cali1", page.Find(".form-facts").TextContent, StringComparison.Ordinal);
    }
}
