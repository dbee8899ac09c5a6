package io.keysetsync.http;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.apache.camel.CamelContext;

/** What a context shows of itself by JMX. */
final class Jmx {

    private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();

    private Jmx() {}

    /** The name of each MBean, the value of each attribute, and all that can be dumped as XML without saying which part. */
    static String of(CamelContext context) throws JMException {
        List<String> shown = new ArrayList<>();
        String name = context.getManagementName();
        for (ObjectName bean : SERVER.queryNames(new ObjectName("org.apache.camel:context=" + name + ",*"), null)) {
            shown.add(bean.toString());
            for (MBeanAttributeInfo attribute : SERVER.getMBeanInfo(bean).getAttributes()) {
                if (attribute.isReadable()) {
                    shown.add(String.valueOf(valueOf(bean, attribute)));
                }
            }
            for (MBeanOperationInfo operation : SERVER.getMBeanInfo(bean).getOperations()) {
                if (operation.getName().matches("dump.*AsXml") && operation.getSignature().length == 0) {
                    shown.add(String.valueOf(SERVER.invoke(bean, operation.getName(), null, null)));
                }
            }
        }
        return String.join("\n", shown);
    }

    private static Object valueOf(ObjectName bean, MBeanAttributeInfo attribute) throws JMException {
        try {
            Object value = SERVER.getAttribute(bean, attribute.getName());
            return value instanceof Object[] values ? Arrays.deepToString(values) : value;
        } catch (RuntimeMBeanException e) {
            return e; // of something that is off
        }
    }
}
