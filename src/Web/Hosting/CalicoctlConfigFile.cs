using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CalicoConsole.Web.Hosting;

/// <summary>Reads a <c>calicoctl.cfg</c> (kind calicoApiConfig, v1; libcalico-go lib/api/apiconfig.go).</summary>
internal static class CalicoctlConfigFile
{
    private const string Setting = "Cluster:CalicoctlConfig";

    private static readonly string[] Known =
        ["datastoreType", "etcdScheme", "etcdAuthority", "etcdEndpoints", "etcdUsername", "etcdPassword", "etcdKeyFile", "etcdCertFile", "etcdCACertFile"];

    public static Found[]? Read(string file, Action<SettingError> report)
    {
        YamlMappingNode? root;
        try
        {
            using var reader = File.OpenText(file);
            var yaml = new YamlStream();
            yaml.Load(reader);
            root = yaml.Documents.Count == 1 ? yaml.Documents[0].RootNode as YamlMappingNode : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report(new(Setting, $"the file '{file}' cannot be read: {e.Message}"));
            return null;
        }
        catch (YamlException e)
        {
            report(new(Setting, $"'{file}' is not YAML: line {e.Start.Line}, column {e.Start.Column}: {e.Message}"));
            return null;
        }

        if (root is null || Text(root, "kind") != "calicoApiConfig" || Text(root, "apiVersion") != "v1")
        {
            report(new(Setting, $"'{file}' is not one document with apiVersion v1 and kind calicoApiConfig"));
            return null;
        }

        var spec = root.Children.TryGetValue("spec", out var node) && node is YamlMappingNode mapping ? mapping : new YamlMappingNode();
        var unknown = spec.Children.Keys.Select(k => k.ToString()).Where(k => !Known.Contains(k, StringComparer.OrdinalIgnoreCase)).ToArray();
        if (unknown.Length > 0)
        {
            report(new(Setting, $"'{file}' has unknown members in spec: {string.Join(", ", unknown)}"));
        }

        if (Text(spec, "datastoreType") is { } type && type != "etcdv2")
        {
            report(new(Setting, $"'{file}' has datastoreType '{type}'; this console reads etcdv2"));
        }

        var endpoints = Text(spec, "etcdEndpoints");
        if (endpoints is null && Text(spec, "etcdAuthority") is { } authority)
        {
            endpoints = $"{Text(spec, "etcdScheme") ?? "http"}://{authority}";
        }

        // calicoctl uses user and password only when both are set.
        var (user, password) = (Text(spec, "etcdUsername"), Text(spec, "etcdPassword"));
        var both = user is not null && password is not null;
        return
        [
            new($"{Setting} spec.etcdEndpoints", endpoints),
            new($"{Setting} spec.etcdUsername", both ? user : null),
            new($"{Setting} spec.etcdPassword", both ? password : null),
            new($"{Setting} spec.etcdCACertFile", Text(spec, "etcdCACertFile")),
            new($"{Setting} spec.etcdCertFile", Text(spec, "etcdCertFile")),
            new($"{Setting} spec.etcdKeyFile", Text(spec, "etcdKeyFile")),
        ];
    }

    private static string? Text(YamlMappingNode node, string name)
    {
        var value = node.Children.FirstOrDefault(c => string.Equals(c.Key.ToString(), name, StringComparison.OrdinalIgnoreCase)).Value;
        return value is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : null;
    }
}
