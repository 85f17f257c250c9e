using System.Text;
using Bunit;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Areas.HostEndpoints;
using CalicoConsole.Web.Kit;

namespace CalicoConsole.Web.Tests.Forms;

/// <summary>A stored name that calicoctl would not take keeps nobody from changing something else of the resource, but cannot be given anew.</summary>
public sealed class StandingFaultFormTests : IAsyncDisposable
{
    private readonly FormStage _stage = new();

    public ValueTask DisposeAsync() => _stage.DisposeAsync();

    [Theory]
    [InlineData("bond0.2103")]
    [InlineData("eth1.7.8")]
    public async Task HostEndpoint_OfASubinterface_TakesALabel(string @interface)
    {
        Store(@interface);
        var page = _stage.Open<HostEndpointForm>($"do/edit-host-endpoint?node=docker01&name={@interface}");
        await page.InvokeAsync(() => FormStage.Field(page, "Labels").Input("role=gateway\nstage=test"));
        await FormStage.SubmitAsync(page);

        var write = Assert.IsType<WriteResource>(Assert.Single(_stage.Runner.Ran).Operation);
        var plan = _stage.Runner.Plan(write, _stage.Runner.Ran.Single().Context);
        Assert.Empty(plan.Errors);
        Assert.Contains(@interface, Assert.Single(plan.Changes).After, StringComparison.Ordinal);
        var endpoint = Assert.IsType<HostEndpoint>(write.Resource);
        Assert.Equal((@interface, @interface, "gateway"), (endpoint.Name, endpoint.InterfaceName, endpoint.Labels["role"]));
        Assert.Equal(7UL, write.ExpectedRevision);
    }

    [Fact]
    public async Task HostEndpoint_AnInterfaceThatIsWrongAnew_IsRefused()
    {
        Store("bond0.2103");
        var page = _stage.Open<HostEndpointForm>("do/edit-host-endpoint?node=docker01&name=bond0.2103");
        await page.InvokeAsync(() => FormStage.Field(page, "Interface").Input("an interface of far too many letters"));
        await FormStage.SubmitAsync(page);
        Assert.Empty(_stage.Runner.Ran);
    }

    private void Store(string @interface)
    {
        var key = new StoredKey($"/calico/v1/host/docker01/endpoint/{@interface}", Encoding.UTF8.GetBytes($$$"""{"name":"{{{@interface}}}","labels":{"role":"old"}}"""), 7);
        _stage.State.Publish(Cluster.Snapshot() with { Calico = CalicoStateUpdate.FromListing([key], 7) });
    }
}
