using CalicoConsole.Core.Model;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Routing;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>Reads what addresses of forms carry; see <see cref="Links"/>.</summary>
internal static class FormQuery
{
    /// <summary>A CIDR as people write it, or with a dash for its slash as links do; null when it is none.</summary>
    public static Cidr? Cidr(string? text) =>
        text is not null && (Core.Model.Cidr.TryParse(text.Trim(), out var cidr) || Core.Model.Cidr.TryParseKeyPart(text.Trim(), out cidr)) ? cidr.Masked()
        : null;

    /// <summary>A Docker host by its configured name or by the name of its node; the text itself when there is none.</summary>
    public static string? Host(ClusterSnapshot snapshot, string? text) =>
        text is null || snapshot.Hosts.ContainsKey(text) ? text : snapshot.Hosts.Values.FirstOrDefault(h => h.NodeName == text)?.Name ?? text;

    /// <summary>A container by host and by id or name; without a host, the only one of that name.</summary>
    public static ContainerView? Container(ClusterSnapshot snapshot, string? host, string? container)
    {
        if (string.IsNullOrEmpty(container))
        {
            return null;
        }

        var on = Host(snapshot, host);
        if (on is not null && snapshot.Views.Containers.TryGetValue($"{on}/{container}", out var view))
        {
            return view;
        }

        var found = snapshot.Views.Containers.Values.Where(c => (string.IsNullOrEmpty(on) || c.Host == on)
            && (c.Container.Name == container || c.Container.Id == container)).Take(2).ToArray();
        return found is [var only] ? only : null;
    }
}
