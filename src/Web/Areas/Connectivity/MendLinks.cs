using System.Globalization;
using CalicoConsole.Core.Diagnostics.Causes;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations;
using CalicoConsole.Core.Operations.Kept;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Areas.Connectivity;

/// <summary>Where each mend is done: a form of this console, filled in.</summary>
internal static class MendLinks
{
    /// <summary>The button and its address; null when what is kept of it cannot be read.</summary>
    public static (string Text, string Href)? For(CauseMend mend) => mend switch
    {
        CauseMend.SetMac m => ("Set the recorded MAC", Links.SetContainerMac(m.Host, m.Container, m.Interface, m.Mac)),
        CauseMend.StartContainer m => ("Start it", Links.ChangeContainer("start", m.Host, m.Container)),
        CauseMend.UnpauseContainer m => ("Let it go on", Links.ChangeContainer("unpause", m.Host, m.Container)),
        CauseMend.RestartContainer m => ("Restart it", Links.ChangeContainer("restart", m.Host, m.Container)),
        CauseMend.DeployNode m => ("Deploy calico-node", Links.DeployCalicoNode(m.Host)),
        CauseMend.SetFelix m => ($"Set {m.Parameter}", Links.SetParameter(RawConfiguration.Felix, m.Parameter, m.Node)),
        CauseMend.SetMesh => ("Turn the mesh on", Links.SetParameter(RawConfiguration.None, "nodeToNodeMesh")),
        CauseMend.DeleteEndpoint m => ("Delete the endpoint left behind", Links.DeleteEndpoint(m.Id)),
        CauseMend.ReleaseEndpoint m => ("Release the endpoint", Links.ReleaseEndpoint(m.Host, m.Network, m.Container)),
        CauseMend.CreatePool m => Filled("Create the pool", Links.Create(KindNames.IPPool, ("cidr", m.Cidr))),
        CauseMend.EditPool m => Filled("Edit the pool", Links.Do("edit", new ResourceId(KindNames.IPPool, m.Cidr))),
        CauseMend.ReleaseAddress m => Ip.TryParse(m.Address, out var ip) ? ("Release the address", Links.ReleaseAddress(ip)) : null,
        CauseMend.AttachProfile m => ("Attach a profile", Links.AttachProfile(AttachmentTarget.OfEndpoint(m.Id))),
        CauseMend.AllowByRule m => ("See what would allow it", Links.MayReach(
            m.From, m.To, m.Protocol == "ping" ? null : m.Protocol, m.Port?.ToString(CultureInfo.InvariantCulture))),
        CauseMend.EditRules m => Filled($"Edit {m.Kind} {m.Name}", Links.Do("edit", new ResourceId(m.Kind, m.Name))),
        CauseMend.CreateProfile m => Filled($"Create the profile {m.Name}", Links.Create(KindNames.Profile, ("name", m.Name))),
        CauseMend.RebuildHandle m => ("Rebuild the handle", Links.RebuildHandle(m.Handle)),
        _ => throw new ArgumentOutOfRangeException(nameof(mend), mend, "unknown mend"),
    };

    private static (string, string)? Filled(string text, string? href) => href is null ? null : (text, href);
}
