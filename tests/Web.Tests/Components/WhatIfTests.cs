using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Web.Areas.Endpoints;

namespace CalicoConsole.Web.Tests.Components;

public sealed class WhatIfTests : IAsyncDisposable
{
    private readonly BunitContext _context = new();
    private readonly ManualClusterState _state = new();

    public WhatIfTests()
    {
        _state.Publish(Cluster.Snapshot());
        var runner = new RecordingRunner();
        _context.AddConsole(_state, runner, runner);
    }

    private WorkloadEndpoint Endpoint => _state.Current.Calico.WorkloadEndpoints.Values.Single().Value;

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeComponentsAsync();
        await _context.DisposeAsync();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("role=web", "role=web")]
    [InlineData(" role = web ,env=prod,\n a.b/c=", "a.b/c=, env=prod, role=web")]
    public void Labels_AreReadAsTheyAreTyped(string typed, string read)
    {
        var asked = WhatIf.For(_state.Current, Endpoint with { Labels = Endpoint.Labels.Add("old", "1") }, typed, "");

        Assert.Empty(asked.Errors);
        Assert.Equal(read, WhatIf.Typed(asked.Endpoint!));
        Assert.Equal((Endpoint.ProfileIds, Endpoint.IPv4Nets), (asked.Endpoint!.ProfileIds, asked.Endpoint.IPv4Nets));
    }

    [Theory]
    [InlineData("role", "labels", "'role' is not key=value")]
    [InlineData("ro le=x", "labels", "'ro le'")]
    [InlineData("role=-", "labels", "'-'")]
    [InlineData("role=a,role=b", "labels", "twice")]
    public void WhatCannotBeALabel_IsNamed(string typed, string field, string reason)
    {
        var asked = WhatIf.For(_state.Current, Endpoint, typed, "");

        Assert.Null(asked.Endpoint);
        var error = Assert.Single(asked.Errors);
        Assert.Equal(field, error.Field);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherNetwork_GivesItsProfileAndTheNextFreeAddressOfItsPool()
    {
        var elsewhere = Endpoint with { ProfileIds = ["other"], IPv4Nets = [Cidr.Parse("10.0.0.7/32")], IPv6Nets = [Cidr.Parse("2001:db8::7/128")] };

        var asked = WhatIf.For(_state.Current, elsewhere, "", "my_net");

        Assert.Equal(["my_net"], asked.Endpoint!.ProfileIds);
        Assert.Equal([new Cidr(asked.Address!.Value, 32)], asked.Endpoint.IPv4Nets);
        Assert.Empty(asked.Endpoint.IPv6Nets);
        Assert.True(Cidr.Parse("192.0.2.0/24").Contains(asked.Address.Value));
        Assert.DoesNotContain(asked.Address.Value, Endpoint.IPv4Nets.Select(n => n.Address));
        Assert.Equal("network", Assert.Single(WhatIf.For(_state.Current, elsewhere, "", "nowhere").Errors).Field);
    }

    [Fact]
    public void NothingElse_IsNoQuestion() => Assert.Equal(new WhatIf(null, null, []), WhatIf.For(_state.Current, Endpoint, WhatIf.Typed(Endpoint), ""));

    [Fact]
    public async Task Panel_SaysWhatIsWrongOnceTheFieldIsLeft_AndShowsTheDocumentThatWouldMakeItSo()
    {
        var view = _context.Render<WhatIfPanel>(p => p.Add(c => c.Snapshot, _state.Current).Add(c => c.Endpoint, Endpoint).Add(c => c.Name, "workload1"));
        Assert.Contains("Choose another network", view.Find("[data-effect]").TextContent, StringComparison.Ordinal);

        await view.Find("#what-if-labels").InputAsync("role");
        await view.Find("#what-if-labels").BlurAsync();
        view.WaitForAssertion(() => Assert.Contains("is not key=value", view.Markup, StringComparison.Ordinal));

        await view.Find("#what-if-labels").InputAsync("role=web");
        view.WaitForAssertion(() => Assert.Equal("empty", view.Find("[data-effect]").GetAttribute("data-effect")));
        Assert.Contains("role: web", view.Find("pre.code").TextContent, StringComparison.Ordinal);
    }
}
